package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What was measured on. */
final class Machine {
    private Machine() {}

    static String describe(Path work) throws IOException {
        return String.join(
                ", ",
                Runtime.getRuntime().availableProcessors() + " cores" + processor(),
                field("/proc/meminfo", "MemTotal")
                        .replaceFirst("(\\d+) kB", "$1")
                        .transform(Machine::gibibytes),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                "JDK " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                "file system " + Files.getFileStore(work).type());
    }

    static boolean isInMemory(Path work) throws IOException {
        String type = Files.getFileStore(work).type();
        return type.equals("tmpfs") || type.equals("ramfs");
    }

    /** Returns the most memory this process had at once, in KiB, or -1 where the system does not say. */
    static long peakKibibytes() {
        String peak = field("/proc/self/status", "VmHWM").replaceAll("\\D", "");
        return peak.isEmpty() ? -1 : Long.parseLong(peak);
    }

    private static String processor() {
        String name = field("/proc/cpuinfo", "model name");
        return name.isEmpty() ? "" : " (" + name + ")";
    }

    private static String gibibytes(String kibibytes) {
        return kibibytes.isEmpty() ? "memory unknown" : Math.round(Long.parseLong(kibibytes) / 1048576.0) + " GiB";
    }

    private static String field(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }
}
