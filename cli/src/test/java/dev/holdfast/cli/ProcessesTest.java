package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Real processes: they fight for a session, and are killed. */
class ProcessesTest {
    @TempDir
    Path directory;

    Program program;
    String id;

    @BeforeEach
    void makeSession() {
        program = Program.withStore(directory);
        id = program.make("--start", "--title", "before");
    }

    @Test
    @Timeout(120)
    void oneProcessDrivesAndTheNextGetsInWhenItIsKilled() throws Exception {
        Process driver = program.start("append", id);
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8))) {
            OutputStream in = driver.getOutputStream();
            in.write((Program.event("noted", Map.of("text", "mine")) + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
            assertThat(out.readLine()).isEqualTo(id + "/1/2");

            String pid = "process " + driver.pid() + " on ";
            program.run("append", id, "--text", "x").refused(ExitCode.CONFLICT).saying(pid, "since", "try again");
            program.run("pause", id).refused(ExitCode.CONFLICT).saying(pid);
            program.run("set", id, "meta.a=1").refused(ExitCode.CONFLICT).saying(pid);
            program.run("rm", id).refusedAfterPreview(ExitCode.CONFLICT, pid);
            program.run("pause", id, "--json").refusedAsJson(ExitCode.CONFLICT, "DRIVEN_BY_OTHER");
            JsonNode shown = program.show(id);
            assertThat(shown.path("presence").asString()).isEqualTo("driven");
            assertThat(shown.path("driver").path("pid").asLong()).isEqualTo(driver.pid());
            assertThat(shown.path("driver").propertyNames()).containsExactly("pid", "host", "since");

            // Anyone may leave a remark.
            program.run("set", id, "title=after", "tag=+seen", "note=n").done();
            assertThat(program.show(id).path("title").asString()).isEqualTo("after");

            driver.toHandle().destroyForcibly();
            driver.waitFor();
        }
        JsonNode left = program.show(id);
        assertThat(left.path("interrupted").asBoolean()).isTrue();
        assertThat(left.path("presence").asString()).isEqualTo("abandoned");
        assertThat(program.run("ls").done().out()).contains("interrupted");
        program.run("pause", id).done();
        assertThat(program.show(id).path("interrupted").asBoolean()).isFalse();
        program.assertSound();
    }

    @Test
    @Timeout(120)
    void anInterruptedSessionGoesOnAndSaysWhatWasUnderWay() throws Exception {
        String call = "{\"type\":\"message.added\",\"data\":{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\","
                + "\"id\":\"call_1\",\"name\":\"bash\",\"arguments\":{}}]}}\n";
        interrupt(call);
        String other = program.make("--start");
        assertThat(program.run("ls", "--interrupted", "--json")
                        .done()
                        .json()
                        .path("id")
                        .asString())
                .isEqualTo(id);
        assertThat(program.onTerminal().run("ls").err()).contains("1 session was interrupted", "holdfast resume ID");
        assertThat(program.run("show", id).done().out())
                .contains("bash (call_1) at 1/2", "holdfast resume " + id, "holdfast fail " + id);
        program.run("retry", id).refused(ExitCode.CONFLICT).saying("holdfast resume " + id, "holdfast fail " + id);

        Program.Outcome resumed = program.run("resume", id);
        assertThat(resumed.code()).isZero();
        assertThat(resumed.out()).isEqualTo(id + "/1/2\n");
        assertThat(resumed.err())
                .contains("it was interrupted", "which died", "tool call bash (call_1) at 1/2", "holdfast retry " + id);
        assertThat(program.show(id).path("interrupted").asBoolean()).isFalse();
        assertThat(program.show(id).path("status").asString()).isEqualTo("running");
        assertThat(program.run("ls", "--interrupted", "--json").done().lines()).isEmpty();
        program.run("resume", id).refused(ExitCode.CONFLICT).saying("running");
        program.run("resume", other).refused(ExitCode.CONFLICT);

        interrupt(Program.event("noted", Map.of("text", "again")) + "\n");
        JsonNode json = program.run("resume", id, "--json").done().json();
        assertThat(json.propertyNames()).containsExactly("id", "status", "position", "interrupted", "unfinished");
        assertThat(json.path("unfinished").path(0).propertyNames()).containsExactly("kind", "id", "name", "position");
        program.assertSound();
    }

    /** Drives the session until a line is recorded, then dies. */
    private void interrupt(String line) throws Exception {
        Process driver = program.start("append", id);
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8))) {
            driver.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
            driver.getOutputStream().flush();
            assertThat(out.readLine()).startsWith(id);
            driver.toHandle().destroyForcibly();
            driver.waitFor();
        }
    }

    @Test
    @Timeout(300)
    void whateverWasPrintedBeforeAKillIsThere() throws Exception {
        long seed = Long.getLong("holdfast.seed", System.nanoTime());
        System.out.println("seed " + seed + ", repeat with -Dholdfast.seed=" + seed);
        Random random = new Random(seed);
        Map<String, Long> printed = new HashMap<>();
        for (int round = 0; round < 10; round++) {
            printed.putAll(feedAndKill(random.nextInt(300), random.nextInt(2_000), round * 1_000_000L));
            Map<String, Long> found = found();
            assertThat(found).as("seed " + seed + ", round " + round).containsAllEntriesOf(printed);
            assertThat(program.run("verify").code()).as("seed " + seed).isZero();
        }
        program.run("append", id, "--text", "it goes on").done();
        assertThat(program.run("log", id, "--json").done().out()).contains("it goes on");
    }

    /** Feeds numbered notes, kills once so many positions were read, and returns all that were printed. */
    private Map<String, Long> feedAndKill(int after, int padding, long firstNumber) throws Exception {
        Process process = program.start("append", id);
        Thread feeder = Thread.ofVirtual().start(() -> {
            try (OutputStream in = process.getOutputStream()) {
                for (long number = firstNumber; ; number++) {
                    String text = number + " " + "x".repeat(padding);
                    in.write((Program.event("noted", Map.of("text", text)) + "\n").getBytes(StandardCharsets.UTF_8));
                    in.flush();
                }
            } catch (IOException e) {
                // Killed, as it should be.
            }
        });
        List<String> lines = new ArrayList<>();
        StringBuilder rest = new StringBuilder();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            while (lines.size() < after) {
                lines.add(out.readLine());
            }
            // Through the handle: Process.destroyForcibly would close the pipe with what is still in it.
            process.toHandle().destroyForcibly();
            process.waitFor();
            // What was printed before the kill still lies in the pipe; a last line without its end was not printed.
            for (int c = out.read(); c >= 0; c = out.read()) {
                rest.append((char) c);
            }
        }
        feeder.join();
        int whole = rest.lastIndexOf("\n") + 1;
        lines.addAll(rest.substring(0, whole).lines().toList());
        Map<String, Long> printed = new HashMap<>();
        for (int k = 0; k < lines.size(); k++) {
            printed.put(lines.get(k), firstNumber + k);
        }
        return printed;
    }

    private Map<String, Long> found() {
        Map<String, Long> found = new HashMap<>();
        for (JsonNode record : program.run("log", id, "--json").done().jsonLines()) {
            if (record.path("type").asString().equals("noted")) {
                String text = record.path("data").path("text").asString();
                found.put(record.path("position").asString(), Long.parseLong(text.substring(0, text.indexOf(' '))));
            }
        }
        return found;
    }
}
