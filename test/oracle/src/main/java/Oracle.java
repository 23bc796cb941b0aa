import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Apache Flink SQL as an answer key: `Oracle types|expressions|json|queries request.json answer.json`.
 * The requests are written and the answers turned into golden files by run.ts; each class states its part's form.
 */
public final class Oracle {
  static final ObjectMapper JSON = new ObjectMapper();

  private Oracle() {}

  public static void main(String[] args) throws Exception {
    JsonNode request = JSON.readTree(Files.readString(Path.of(args[1])));
    JsonNode answer = switch (args[0]) {
      case "types" -> Types.answer(request);
      default -> throw new IllegalArgumentException(args[0]);
    };
    Files.writeString(Path.of(args[2]), JSON.writeValueAsString(answer));
    System.exit(0); // the mini clusters leave threads behind
  }
}
