package io.flaredb.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * One diagram of a plot: lines over an axis whose marks are given, with a logarithmic axis upwards,
 * since what is compared differs by orders of magnitude.
 */
final class Panel {
    private static final int TICK_LENGTH = 4;

    private final String title;
    private final String unit;
    private final List<Line> lines = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();

    private record Line(Color color, List<Point> points) {}

    /**
     * A place in the diagram.
     *
     * @param y above 0
     */
    record Point(double x, double y) {}

    private record Mark(double x, String text) {}

    /**
     * @param unit of what is drawn upwards
     */
    Panel(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /**
     * @param points rising to the right
     */
    void line(Color color, List<Point> points) {
        lines.add(new Line(color, List.copyOf(points)));
    }

    /** Labels a place of the axis to the right. */
    void mark(double x, String text) {
        marks.add(new Mark(x, text));
    }

    void draw(Graphics2D graphics, int left, int top, int width, int height) {
        List<Point> all = lines.stream().flatMap(line -> line.points().stream()).toList();
        double mostX = Math.max(max(all.stream().mapToDouble(Point::x)), lastMark());
        double leastDecade = Math.floor(Math.log10(min(all.stream().mapToDouble(Point::y))));
        double mostDecade = Math.ceil(Math.log10(max(all.stream().mapToDouble(Point::y))));
        double decades = Math.max(1, mostDecade - leastDecade);

        graphics.setColor(Color.BLACK);
        graphics.drawString(title, left, top - 8);
        graphics.drawRect(left, top, width, height);
        for (Mark mark : marks) {
            int x = left + (int) (width * mark.x() / mostX);
            graphics.drawLine(x, top + height, x, top + height + TICK_LENGTH);
            graphics.drawString(mark.text(), x - 10, top + height + 18);
        }
        for (int i = 0; i <= decades; i++) {
            int y = top + height - (int) (height * i / decades);
            graphics.setColor(Color.LIGHT_GRAY);
            graphics.drawLine(left + 1, y, left + width - 1, y);
            graphics.setColor(Color.BLACK);
            graphics.drawString(number(Math.pow(10, leastDecade + i)) + unit, 8, y + 4);
        }
        graphics.setStroke(new BasicStroke(1.4f));
        for (Line line : lines) {
            graphics.setColor(line.color());
            int[] xs = new int[line.points().size()];
            int[] ys = new int[xs.length];
            for (int i = 0; i < xs.length; i++) {
                Point point = line.points().get(i);
                xs[i] = left + (int) (width * point.x() / mostX);
                double up = (Math.log10(point.y()) - leastDecade) / decades;
                ys[i] = top + height - (int) (height * up);
            }
            graphics.drawPolyline(xs, ys, xs.length);
        }
    }

    private double lastMark() {
        return max(marks.stream().mapToDouble(Mark::x));
    }

    private static double max(DoubleStream values) {
        return values.max().orElse(1);
    }

    private static double min(DoubleStream values) {
        return values.min().orElse(1);
    }

    private static String number(double value) {
        if (value >= 1e6) {
            return String.format(Locale.ROOT, "%.0fM", value / 1e6);
        }
        if (value >= 1e3) {
            return String.format(Locale.ROOT, "%.0fk", value / 1e3);
        }
        return value >= 1
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%s", value);
    }
}
