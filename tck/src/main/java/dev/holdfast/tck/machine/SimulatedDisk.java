package dev.holdfast.tck.machine;

import dev.holdfast.file.Storage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that loses at a power cut whatever was not forced: pages of file content, and names. Not thread-safe:
 * look at it, or damage it, while no process is at work. Nothing that is done here is counted or fails.
 *
 * <p>Names survive alone; a rename survives as a whole, as journalling file systems have it. A force that fails leaves
 * pages readable, but no later force makes them sure: they are gone at the power cut.
 */
public final class SimulatedDisk {
    /** A file or a directory. */
    sealed interface Node {}

    /** A file. Whoever has it open keeps it, whatever happens to its name. */
    static final class FileNode implements Node {
        byte[] bytes = new byte[0];
        int length;
        int sure;
        /** How often it was written to, and how often it had been at the last force. */
        long written;

        long sureWritten;
        /** Ranges that a failed force dropped from the dirty pages: from, to, from, to... */
        final List<int[]> lies = new ArrayList<>();

        void append(byte[] from, int offset, int count) {
            if (length + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
            }
            System.arraycopy(from, offset, bytes, length, count);
            length += count;
            written++;
        }

        int read(long offset, byte[] into, int from, int most) {
            int count = (int) Math.min(most, length - offset);
            if (count <= 0) {
                return -1;
            }
            System.arraycopy(bytes, (int) offset, into, from, count);
            return count;
        }

        void force() {
            sure = length;
            sureWritten = written;
        }

        /** A force that fails behind some of the bytes: the rest stays readable and is lost all the same. */
        void failToForce(double forced) {
            int until = sure + (int) ((length - sure) * forced);
            if (until < length) {
                lies.add(new int[] {until, length});
            }
            sure = length;
        }

        FileNode copy() {
            FileNode copy = new FileNode();
            copy.bytes = Arrays.copyOf(bytes, length);
            copy.length = length;
            copy.sure = sure;
            copy.written = written;
            copy.sureWritten = sureWritten;
            copy.lies.addAll(lies);
            return copy;
        }
    }

    static final class DirectoryNode implements Node {
        final Map<String, Node> names = new LinkedHashMap<>();
        final Map<String, Node> sure = new LinkedHashMap<>();
    }

    /** A rename that no force has made sure yet. */
    private record Rename(DirectoryNode from, String oldName, DirectoryNode to, String newName) {}

    private DirectoryNode root = new DirectoryNode();
    private List<Rename> renames = new ArrayList<>();

    SimulatedDisk() {}

    // ---- reading ----

    private @Nullable Node find(Path path) {
        Node node = root;
        for (Path name : path) {
            if (!(node instanceof DirectoryNode directory)) {
                return null;
            }
            node = directory.names.get(name.toString());
        }
        return node;
    }

    private FileNode file(Path path) throws IOException {
        if (find(path) instanceof FileNode file) {
            return file;
        }
        throw new NoSuchFileException(path.toString());
    }

    private static String name(Path path) {
        return Objects.requireNonNull(path.getFileName(), "the root is not to be changed")
                .toString();
    }

    private DirectoryNode parent(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent != null && find(parent) instanceof DirectoryNode directory) {
            return directory;
        }
        throw new NoSuchFileException(String.valueOf(parent));
    }

    /**
     * Returns a file's length.
     *
     * @param path the file
     * @return bytes, or -1 if there is neither a file nor a directory
     */
    public long length(Path path) {
        return switch (find(path)) {
            case null -> -1;
            case FileNode file -> file.length;
            case DirectoryNode directory -> 4096;
        };
    }

    boolean isDirectory(Path path) {
        return find(path) instanceof DirectoryNode;
    }

    /**
     * Lists a directory.
     *
     * @param path the directory
     * @return the names in it, none if there is no such directory
     */
    public List<String> names(Path path) {
        return find(path) instanceof DirectoryNode directory ? List.copyOf(directory.names.keySet()) : List.of();
    }

    FileNode open(Path path) throws IOException {
        return file(path);
    }

    /**
     * Returns a file's bytes as a reader sees them.
     *
     * @param path the file
     * @return a copy
     * @throws NoSuchFileException if there is none
     */
    public byte[] content(Path path) throws IOException {
        FileNode file = file(path);
        return Arrays.copyOf(file.bytes, file.length);
    }

    /**
     * Puts bytes in place of a file's, sure at once: damage.
     *
     * @param path the file
     * @param content its new bytes
     * @throws NoSuchFileException if there is none
     */
    public void replace(Path path, byte[] content) throws IOException {
        FileNode file = file(path);
        file.bytes = content.clone();
        file.length = content.length;
        file.sure = content.length;
        file.written++;
        file.sureWritten = file.written;
    }

    /** How a file looks: its length and how often it was written to. */
    Storage.Look look(Path path) {
        return find(path) instanceof FileNode file
                ? new Storage.Look(file.length, file.length + " " + file.written)
                : new Storage.Look(length(path), null);
    }

    // ---- changing ----

    /**
     * Creates an empty file.
     *
     * @param path its name
     * @throws FileAlreadyExistsException if it is taken
     * @throws NoSuchFileException if its directory is not there
     */
    public void create(Path path) throws IOException {
        if (find(path) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        parent(path).names.put(name(path), new FileNode());
    }

    /**
     * Creates a directory, unless the name is taken.
     *
     * @param path its name
     * @throws NoSuchFileException if the directory above is not there
     */
    public void createDirectory(Path path) throws IOException {
        if (find(path) == null) {
            parent(path).names.put(name(path), new DirectoryNode());
        }
    }

    void forceDirectory(Path path) throws IOException {
        if (!(find(path) instanceof DirectoryNode directory)) {
            throw new NoSuchFileException(path.toString());
        }
        List<Rename> pending = new ArrayList<>();
        for (Rename rename : renames) {
            if (rename.from() == directory || rename.to() == directory) {
                makeSure(rename.to(), rename.newName());
                makeSure(rename.from(), rename.oldName());
            } else {
                pending.add(rename);
            }
        }
        renames = pending;
        directory.sure.clear();
        directory.sure.putAll(directory.names);
    }

    private static void makeSure(DirectoryNode directory, String name) {
        Node node = directory.names.get(name);
        if (node == null) {
            directory.sure.remove(name);
        } else {
            directory.sure.put(name, node);
        }
    }

    void move(Path from, Path to) throws IOException {
        DirectoryNode source = parent(from);
        DirectoryNode target = parent(to);
        String oldName = name(from);
        String newName = name(to);
        Node node = source.names.get(oldName);
        if (node == null) {
            throw new NoSuchFileException(from.toString());
        }
        if (target.names.get(newName) instanceof DirectoryNode there && !there.names.isEmpty()) {
            throw new IOException("directory not empty: " + to);
        }
        source.names.remove(oldName);
        target.names.put(newName, node);
        renames.add(new Rename(source, oldName, target, newName));
    }

    /**
     * Removes a file or an empty directory, if it is there.
     *
     * @param path its name
     * @throws IOException if it is a directory that is not empty
     */
    public void delete(Path path) throws IOException {
        if (find(path) instanceof DirectoryNode directory && !directory.names.isEmpty()) {
            throw new IOException("directory not empty: " + path);
        }
        if (find(path) != null) {
            parent(path).names.remove(name(path));
        }
    }

    // ---- power ----

    SimulatedDisk copy() {
        SimulatedDisk copy = new SimulatedDisk();
        IdentityHashMap<Node, Node> copies = new IdentityHashMap<>();
        copy.root = (DirectoryNode) copy(root, copies);
        for (Rename rename : renames) {
            copy.renames.add(new Rename(
                    (DirectoryNode) copy(rename.from(), copies),
                    rename.oldName(),
                    (DirectoryNode) copy(rename.to(), copies),
                    rename.newName()));
        }
        return copy;
    }

    private static Node copy(Node node, IdentityHashMap<Node, Node> copies) {
        Node known = copies.get(node);
        if (known != null) {
            return known;
        }
        return switch (node) {
            case FileNode file -> {
                FileNode made = file.copy();
                copies.put(file, made);
                yield made;
            }
            case DirectoryNode directory -> {
                DirectoryNode made = new DirectoryNode();
                copies.put(directory, made);
                directory.names.forEach((name, child) -> made.names.put(name, copy(child, copies)));
                directory.sure.forEach((name, child) -> made.sure.put(name, copy(child, copies)));
                yield made;
            }
        };
    }

    /** Cuts the power: what is left is sure from then on. */
    void cutPower(Survival survival, Random random) {
        for (Rename rename : renames) {
            boolean kept = survives(survival, random);
            settle(rename.to(), rename.newName(), kept);
            settle(rename.from(), rename.oldName(), kept);
        }
        renames.clear();
        cut(root, survival, random);
    }

    private static boolean survives(Survival survival, Random random) {
        return switch (survival) {
            case NOTHING -> false;
            case EVERYTHING -> true;
            case BY_CHANCE -> random.nextBoolean();
        };
    }

    private static void settle(DirectoryNode directory, String name, boolean kept) {
        Node sure = directory.sure.get(name);
        if (kept) {
            makeSure(directory, name);
        } else if (sure != null) {
            directory.names.put(name, sure);
        } else {
            directory.names.remove(name);
        }
    }

    private static void cut(DirectoryNode directory, Survival survival, Random random) {
        LinkedHashSet<String> all = new LinkedHashSet<>(directory.names.keySet());
        all.addAll(directory.sure.keySet());
        for (String name : all) {
            if (directory.names.get(name) != directory.sure.get(name)) {
                settle(directory, name, survives(survival, random));
            }
        }
        directory.sure.clear();
        directory.sure.putAll(directory.names);
        for (Node child : directory.names.values()) {
            switch (child) {
                case FileNode file -> cut(file, survival, random);
                case DirectoryNode below -> cut(below, survival, random);
            }
        }
    }

    private static void cut(FileNode file, Survival survival, Random random) {
        int page = random.nextBoolean() ? 512 : 4096;
        byte[] left = Arrays.copyOf(file.bytes, file.length);
        int end = file.sure;
        for (int[] lie : file.lies) {
            Arrays.fill(left, lie[0], lie[1], (byte) 0);
            end = lie[1] == end ? lie[0] : end;
        }
        for (int from = file.sure; from < file.length; from = (from / page + 1) * page) {
            int to = Math.min(file.length, (from / page + 1) * page);
            if (survives(survival, random)) {
                end = to;
            } else {
                Arrays.fill(left, from, to, (byte) 0);
            }
        }
        boolean lengthKept = survival == Survival.BY_CHANCE && random.nextBoolean();
        file.length = lengthKept ? file.length : end;
        file.bytes = Arrays.copyOf(left, file.length);
        file.sure = file.length;
        file.written = survives(survival, random) ? file.written : file.sureWritten;
        file.sureWritten = file.written;
        file.lies.clear();
    }
}
