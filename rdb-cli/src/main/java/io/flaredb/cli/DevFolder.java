package io.flaredb.cli;

import io.flaredb.storage.DataFolderUnusableException;
import io.flaredb.storage.DataFolders;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where {@code flaredb dev} keeps its data: the placement driver's in {@code pd}; the only store's
 * in {@code store}, or those of several in {@code store-1}, {@code store-2} and so on. What one way
 * of running has made, the other one would not find, so it is refused.
 */
record DevFolder(Path path) {
    Path pd() {
        return path.resolve("pd");
    }

    Path onlyStore() {
        return path.resolve("store");
    }

    /**
     * @param number counted from 1
     */
    Path store(int number) {
        return path.resolve("store-" + number);
    }

    /**
     * @throws CommandException if it holds the data of several stores, or is a data folder itself
     * @throws DataFolderUnusableException if it holds something else
     */
    void checkForOneProcess() {
        checkForForeignFiles();
        int stores = stores();
        if (stores > 0) {
            throw refusal("is that of " + stores + " stores: start it with --nodes " + stores);
        }
    }

    /**
     * @param nodes how many stores are to run; more than there were is well
     * @throws CommandException if it holds the data of a single store, or of more stores, or is a
     *     data folder itself
     * @throws DataFolderUnusableException if it holds something else
     */
    void checkForNodes(int nodes) {
        checkForForeignFiles();
        if (Files.exists(onlyStore())) {
            throw refusal("holds a store of one process: start it without --nodes");
        }
        int stores = stores();
        if (stores > nodes) {
            throw refusal("is that of " + stores + " stores: start it with --nodes " + stores);
        }
    }

    /**
     * A new store would hold nothing, and the regions stay those of the old one: no key could be
     * reached.
     *
     * @param known whether the placement driver knows a store
     * @throws CommandException if it does, and the only store's folder is gone
     */
    void checkForLostStore(boolean known) {
        if (known && !DataFolders.isOne(onlyStore())) {
            throw refusal("holds no store, but its pd knows one: put its folder \"store\" back");
        }
    }

    private void checkForForeignFiles() {
        if (DataFolders.isOne(path)) {
            throw refusal("is that of a single pd or server: start that");
        }
        boolean made = Files.exists(pd()) || Files.exists(onlyStore()) || stores() > 0;
        if (!made && Files.isDirectory(path)) {
            DataFolders.refuseForeignFiles(path);
        }
    }

    /**
     * The highest number; there may be gaps: a store whose folder is lost begins with a new one.
     */
    private int stores() {
        int number = DevCommand.MAX_NODES;
        while (number > 0 && !Files.exists(store(number))) {
            number--;
        }
        return number;
    }

    private CommandException refusal(String why) {
        return new CommandException(
                ExitCode.FAILED, "data folder " + path + " " + why + ", or use another --data-dir");
    }
}
