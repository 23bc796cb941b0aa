import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Apache Flink SQL as an answer key: `Oracle types|expressions|json|queries|plans request.json answer.json`.
 * The requests are written and the answers turned into golden files by run.ts; each class states its part's form.
 */
public final class Oracle {
  /** Escapes all but ASCII: a text may hold half a surrogate pair, which UTF-8 cannot. */
  static final ObjectMapper JSON = new ObjectMapper().configure(JsonGenerator.Feature.ESCAPE_NON_ASCII, true);

  private Oracle() {}

  public static void main(String[] args) throws Exception {
    JsonNode request = JSON.readTree(Files.readString(Path.of(args[1])));
    JsonNode answer = switch (args[0]) {
      case "types" -> Types.answer(request);
      case "expressions" -> Expressions.answer(request);
      case "json" -> JsonFormat.answer(request);
      case "queries" -> Queries.answer(request);
      case "plans" -> Plans.answer(request);
      default -> throw new IllegalArgumentException(args[0]);
    };
    Files.writeString(Path.of(args[2]), JSON.writeValueAsString(answer));
    System.exit(0); // the mini clusters leave threads behind
  }
}
