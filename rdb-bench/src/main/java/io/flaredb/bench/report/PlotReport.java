package io.flaredb.bench.report;

import io.flaredb.bench.Latencies;
import io.flaredb.bench.LoadOptions;
import io.flaredb.bench.LoadResult;
import io.flaredb.bench.Window;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** A report as a picture: throughput over time, and latency by percentile. */
public final class PlotReport {
    private static final int LEFT = 80;
    private static final int TOP = 40;
    private static final int WIDTH = 1_100;
    private static final int PANEL_HEIGHT = 300;
    private static final int BETWEEN = 60;
    private static final int LEGEND_LINE = 18;
    private static final int TICKS = 6;

    /** Each nine behind the one before takes as much room. */
    private static final List<Double> PERCENTILES = List.of(0.0, 90.0, 99.0, 99.9, 99.99, 99.999);

    private static final double LEAST_LEFT_OUT = 1e-6;
    private static final double LEAST_MICROS = 1;

    private PlotReport() {}

    /**
     * Writes a report to a PNG file, in place of what it holds. Where a load ran several times, its
     * median run is drawn. Needs no display, and lets this process have none.
     *
     * @throws IOException if that fails
     */
    public static void write(Report report, Path file) throws IOException {
        System.setProperty("java.awt.headless", "true"); // else a DISPLAY that is gone ends it
        List<LoadResult> results = report.summaries().stream().map(Summary::median).toList();
        int height = TOP + 2 * (PANEL_HEIGHT + BETWEEN) + LEGEND_LINE * results.size();
        BufferedImage image =
                new BufferedImage(LEFT + WIDTH + 40, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(
                    RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
            throughput(results).draw(graphics, LEFT, TOP, WIDTH, PANEL_HEIGHT);
            latency(results)
                    .draw(graphics, LEFT, TOP + PANEL_HEIGHT + BETWEEN, WIDTH, PANEL_HEIGHT);
            legend(graphics, results);
        } finally {
            graphics.dispose();
        }
        if (!ImageIO.write(image, "png", file.toFile())) {
            throw new IOException("this Java has no writer of PNG files");
        }
    }

    private static Panel throughput(List<LoadResult> results) {
        Panel panel = new Panel("operations per second, over the seconds measured", "/s");
        double longest = 1;
        for (int i = 0; i < results.size(); i++) {
            List<Window> windows = results.get(i).windows();
            panel.line(
                    color(i, results.size()),
                    windows.stream()
                            .map(each ->
                                    new Panel.Point(
                                            each.end().toNanos() / 1e9,
                                            Math.max(1, each.perSecond())))
                            .toList());
            if (!windows.isEmpty()) {
                longest = Math.max(longest, windows.getLast().end().toNanos() / 1e9);
            }
        }
        for (int i = 0; i <= TICKS; i++) {
            double second = longest * i / TICKS;
            panel.mark(second, String.format(Locale.ROOT, "%.1f s", second));
        }
        return panel;
    }

    private static Panel latency(List<LoadResult> results) {
        Panel panel = new Panel("latency by percentile", " us");
        for (int i = 0; i < results.size(); i++) {
            List<Latencies.Point> curve = results.get(i).latencies().curve();
            panel.line(color(i, results.size()), curve.stream().map(PlotReport::point).toList());
        }
        for (double percentile : PERCENTILES) {
            panel.mark(nines(percentile), "p" + percentile);
        }
        return panel;
    }

    private static Panel.Point point(Latencies.Point point) {
        double micros = point.latency().toNanos() / 1e3;
        return new Panel.Point(nines(point.percentile()), Math.max(LEAST_MICROS, micros));
    }

    /** How many nines a percentile has. */
    private static double nines(double percentile) {
        return -Math.log10(Math.max(LEAST_LEFT_OUT, 1 - percentile / 100));
    }

    private static void legend(Graphics2D graphics, List<LoadResult> results) {
        int y = TOP + 2 * (PANEL_HEIGHT + BETWEEN) - LEGEND_LINE;
        for (int i = 0; i < results.size(); i++) {
            graphics.setColor(color(i, results.size()));
            graphics.fillRect(LEFT, y, 30, LEGEND_LINE - 6);
            graphics.setColor(Color.BLACK);
            graphics.drawString(label(results.get(i)), LEFT + 40, y + 11);
            y += LEGEND_LINE;
        }
    }

    private static String label(LoadResult result) {
        LoadOptions options = result.options();
        String rate = options.isFixedRate() ? ", at " + options.perSecond() + "/s" : "";
        return String.format(
                Locale.ROOT,
                "%s, %d in flight%s: %.0f/s, p50 %.2f ms, p99 %.2f ms",
                JsonReport.name(options.workload()),
                options.inFlight(),
                rate,
                result.perSecond(),
                result.latencies().p50().toNanos() / 1e6,
                result.latencies().p99().toNanos() / 1e6);
    }

    private static Color color(int number, int of) {
        return Color.getHSBColor(number / (float) of, 0.9f, 0.75f);
    }
}
