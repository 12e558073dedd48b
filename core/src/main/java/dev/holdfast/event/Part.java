package dev.holdfast.event;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One piece of a message. Names and fields follow the parts of the OpenTelemetry GenAI message schema
 * (opentelemetry.io, semantic conventions, gen-ai input and output messages).
 */
public sealed interface Part {
    /**
     * Text said to or by the model.
     *
     * @param content the text
     */
    record Text(String content) implements Part {}

    /**
     * The model's reasoning, as far as the provider shows it.
     *
     * @param content the text; may be empty where the provider only gives an opaque or encrypted form
     */
    record Reasoning(String content) implements Part {}

    /**
     * The model asks for a tool.
     *
     * @param id the call's id, which the response repeats; empty if the provider gave none
     * @param name the tool's name
     * @param arguments the arguments
     */
    record ToolCall(String id, String name, Json arguments) implements Part {}

    /**
     * A tool answers.
     *
     * @param id the id of the call that is answered
     * @param response what the tool returned: a JSON string for plain text, any JSON otherwise
     * @param error whether the tool reported a failure
     */
    record ToolResponse(String id, Json response, boolean error) implements Part {}

    /**
     * Bytes such as an image.
     *
     * @param mimeType the media type, for example {@code image/png}
     * @param content the bytes, not copied: the caller must not change them
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Blob(String mimeType, byte[] content) implements Part {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Blob blob && blob.mimeType.equals(mimeType) && Arrays.equals(blob.content, content);
        }

        @Override
        public int hashCode() {
            return 31 * mimeType.hashCode() + Arrays.hashCode(content);
        }

        @Override
        public String toString() {
            return "Blob[mimeType=" + mimeType + ", bytes=" + content.length + "]";
        }
    }

    /**
     * A part of a kind this version does not know, kept as it is.
     *
     * @param data the whole part
     */
    record Other(Json data) implements Part {}
}
