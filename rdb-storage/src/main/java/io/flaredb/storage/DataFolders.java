package io.flaredb.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What to ask of a folder before a data folder is made in its place, or below it. */
public final class DataFolders {
    /** What a freshly made file system may hold, and a storage engine that has just begun. */
    private static final Set<String> NO_FOREIGNERS = Set.of("lost+found", DataFolder.CLAIM);

    private DataFolders() {}

    /** Whether a storage engine has made it its own. */
    public static boolean isOne(Path folder) {
        return Files.exists(folder.resolve(DataFolder.CLAIM));
    }

    /**
     * Refuses a folder full of something else, which is more likely a slip than a wish.
     *
     * @throws DataFolderUnusableException naming what it holds, or why it cannot be read
     */
    public static void refuseForeignFiles(Path folder) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            for (Path file : found) {
                String name = file.getFileName().toString();
                if (!NO_FOREIGNERS.contains(name)) {
                    throw new DataFolderUnusableException(
                            "data folder "
                                    + folder
                                    + " is not empty and not FlareDB's: it holds "
                                    + name,
                            null);
                }
            }
        } catch (IOException e) {
            throw DataFolder.unusable(folder, e);
        }
    }
}
