package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs whole processes and times them. */
final class Processes {
    private Processes() {}

    /**
     * A process that ended well.
     *
     * @param millis from its start to its end
     * @param output its standard output
     */
    record Ended(double millis, String output) {}

    static Ended run(Path work, List<String> command) throws IOException, InterruptedException {
        Path out = work.resolve("process-out.txt");
        Path err = work.resolve("process-err.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        long start = System.nanoTime();
        Process process = builder.start();
        process.getOutputStream().close();
        int code = process.waitFor();
        long nanos = System.nanoTime() - start;
        if (code != 0) {
            throw new IOException(command + " ended with " + code + ": " + Files.readString(err));
        }
        return new Ended(nanos / 1e6, Files.readString(out));
    }

    /** The command that runs another main class of this program, with the launcher's flags for heavy work. */
    static List<String> java(String mainClass, List<String> flags, List<String> args) {
        List<String> command = new ArrayList<>(List.of(executable()));
        command.addAll(flags);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.add(mainClass);
        command.addAll(args);
        return command;
    }

    static String executable() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
