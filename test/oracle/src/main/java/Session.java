import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/**
 * A Flink whose answers do not depend on the machine: one task, zone UTC, streaming mode, and a watermark after every row
 * that raises it (the default timer of 200 ms never drops a late row of a small file).
 */
final class Session {
  private Session() {}

  static StreamExecutionEnvironment stream() {
    Configuration configuration = new Configuration();
    configuration.setString("execution.runtime-mode", "STREAMING");
    configuration.setString("parallelism.default", "1");
    configuration.setString("taskmanager.numberOfTaskSlots", "1");
    configuration.setString("pipeline.auto-watermark-interval", "0 ms");
    configuration.setString("rest.address", "127.0.0.1");
    configuration.setString("rest.bind-address", "127.0.0.1");
    configuration.setString("taskmanager.memory.managed.size", "64m");
    configuration.setString("restart-strategy.type", "none");
    return StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
  }

  static StreamTableEnvironment tables(StreamExecutionEnvironment stream) {
    StreamTableEnvironment tables = StreamTableEnvironment.create(stream);
    tables.getConfig().setLocalTimeZone(ZoneId.of("UTC"));
    return tables;
  }

  static StreamTableEnvironment open() {
    return tables(stream());
  }

  /** Splits on ';' outside quotes; comments that fill a line are dropped. */
  static List<String> statements(String sql) {
    List<String> found = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    boolean isQuoted = false;
    for (String line : sql.split("\n")) {
      if (!isQuoted && line.trim().startsWith("--")) continue;
      for (char c : (line + "\n").toCharArray()) {
        if (c == '\'') isQuoted = !isQuoted;
        if (c == ';' && !isQuoted) {
          found.add(statement.toString().trim());
          statement.setLength(0);
        } else {
          statement.append(c);
        }
      }
    }
    found.add(statement.toString().trim());
    found.removeIf(String::isEmpty);
    return found;
  }

  /** First line of the innermost cause, without class name. */
  static String reason(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) cause = cause.getCause();
    String text = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return text.strip().split("\n")[0].strip();
  }
}
