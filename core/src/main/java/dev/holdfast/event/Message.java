package dev.holdfast.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of the conversation. Wire name {@code message.added}.
 *
 * @param role who speaks
 * @param parts what is said, in order
 * @param model the model that answered, or null
 * @param responseId the provider's id of the response this message belongs to, or null
 */
public record Message(
        Role role,
        List<Part> parts,
        @Nullable String model,
        @Nullable String responseId) implements Event {
    /** Copies the parts. */
    public Message {
        parts = List.copyOf(parts);
    }

    /**
     * A message of one text part from the user.
     *
     * @param text what the user says
     * @return the message
     */
    public static Message user(String text) {
        return of(Role.USER, new Part.Text(text));
    }

    /**
     * A message of one text part from the model.
     *
     * @param text what the model says
     * @return the message
     */
    public static Message assistant(String text) {
        return of(Role.ASSISTANT, new Part.Text(text));
    }

    /**
     * A message of one text part that instructs the model.
     *
     * @param text the instructions
     * @return the message
     */
    public static Message system(String text) {
        return of(Role.SYSTEM, new Part.Text(text));
    }

    /**
     * The answer of a tool.
     *
     * @param callId the id of the call that is answered
     * @param response what the tool returned
     * @return the message
     */
    public static Message tool(String callId, Json response) {
        return of(Role.TOOL, new Part.ToolResponse(callId, response, false));
    }

    /**
     * A message of any parts.
     *
     * @param role who speaks
     * @param parts what is said, in order
     * @return the message
     */
    public static Message of(Role role, Part... parts) {
        return new Message(role, List.of(parts), null, null);
    }

    /**
     * Returns the text parts joined by newlines.
     *
     * @return the text; empty if there is none
     */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text piece) {
                text.append(text.isEmpty() ? "" : "\n").append(piece.content());
            }
        }
        return text.toString();
    }

    @Override
    public String type() {
        return "message.added";
    }
}
