package io.flaredb.it.torture;

import io.flaredb.it.torture.TimeLine.Span;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;

/** Acknowledged operations per second over time, with the faults as bands behind them. */
final class AvailabilityPlot {
    private static final int LEFT = 60;
    private static final int TOP = 20;
    private static final int WIDTH = 1_200;
    private static final int HEIGHT = 300;
    private static final int BELOW = 40;
    private static final int LEGEND_LINE = 18;
    private static final int TICKS = 5;

    private final long[] perSecond;
    private final List<Span> spans;
    private final List<FaultClass> classes;
    private final long most;

    AvailabilityPlot(long[] perSecond, List<Span> spans) {
        this.perSecond = perSecond;
        this.spans = spans;
        this.classes = spans.stream().map(Span::fault).distinct().sorted().toList();
        this.most = Math.max(1, LongStream.of(perSecond).max().orElse(1));
    }

    /** Writes it as PNG. */
    void write(Path file) throws IOException {
        int height = TOP + HEIGHT + BELOW + LEGEND_LINE * classes.size();
        BufferedImage image =
                new BufferedImage(LEFT + WIDTH + TOP, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.setRenderingHint(
                    RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, image.getWidth(), image.getHeight());
            draw(graphics);
        } finally {
            graphics.dispose();
        }
        ImageIO.write(image, "png", file.toFile());
    }

    private void draw(Graphics2D graphics) {
        for (Span span : spans) {
            graphics.setColor(shade(span.fault()));
            int from = x(span.fromNanos() / 1e9);
            int width = Math.max(2, x(span.toNanos() / 1e9) - from);
            graphics.fillRect(from, TOP, width, HEIGHT);
        }
        graphics.setColor(Color.BLACK);
        graphics.setStroke(new BasicStroke(1.2f));
        for (int i = 1; i < perSecond.length; i++) {
            graphics.drawLine(x(i - 0.5), y(perSecond[i - 1]), x(i + 0.5), y(perSecond[i]));
        }
        axes(graphics);
        legend(graphics);
    }

    private void axes(Graphics2D graphics) {
        graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        graphics.drawRect(LEFT, TOP, WIDTH, HEIGHT);
        for (int i = 0; i <= TICKS; i++) {
            long operations = most * i / TICKS;
            graphics.drawString(Long.toString(operations), 10, y(operations) + 4);
            int second = perSecond.length * i / TICKS;
            graphics.drawString(second + " s", x(second) - 10, TOP + HEIGHT + 16);
        }
        graphics.drawString(
                "acknowledged operations per second", LEFT + WIDTH / 2 - 100, TOP + HEIGHT + 32);
    }

    private void legend(Graphics2D graphics) {
        int y = TOP + HEIGHT + BELOW;
        for (FaultClass each : classes) {
            graphics.setColor(shade(each));
            graphics.fillRect(LEFT, y, 30, LEGEND_LINE - 4);
            graphics.setColor(Color.BLACK);
            graphics.drawString(each.option(), LEFT + 40, y + 12);
            y += LEGEND_LINE;
        }
    }

    /** See-through, so that two at a time show. */
    private static Color shade(FaultClass fault) {
        float hue = fault.ordinal() / (float) FaultClass.values().length;
        Color full = Color.getHSBColor(hue, 0.8f, 0.9f);
        return new Color(full.getRed(), full.getGreen(), full.getBlue(), 110);
    }

    private int x(double second) {
        return LEFT + (int) (WIDTH * second / Math.max(1, perSecond.length));
    }

    private int y(long operations) {
        return TOP + HEIGHT - (int) (HEIGHT * operations / most);
    }
}
