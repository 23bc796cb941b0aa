import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.flink.formats.common.TimestampFormat;
import org.apache.flink.formats.json.JsonFormatOptions.MapNullKeyMode;
import org.apache.flink.formats.json.JsonRowDataSerializationSchema;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.conversion.DataStructureConverter;
import org.apache.flink.table.data.conversion.DataStructureConverters;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;

/**
 * Runs whole jobs. In: {queries: [{name, sql, inputs: {table: path of JSON lines}, out: folder}]}.
 * A CREATE TABLE without WITH is bound to its input, or else is a sink of JSON lines in `out`. Out: for each query
 * {select: [JSON line], inserts: {table: [JSON line]}} (as far as it has them) or {error}; the lines are as Flink's json format writes them.
 */
final class Queries {
  private static final Pattern CREATE = Pattern.compile("(?is)^create\\s+table\\s+`?(\\w+)`?");
  private static final String JSON_FILE = " WITH ('connector'='filesystem','format'='json','path'='%s')";

  private Queries() {}

  static ArrayNode answer(JsonNode request) {
    ArrayNode answers = Oracle.JSON.createArrayNode();
    for (JsonNode query : request.get("queries")) {
      ObjectNode answer;
      try {
        answer = run(query);
      } catch (Exception thrown) {
        answer = Oracle.JSON.createObjectNode().put("error", Session.reason(thrown));
      }
      answers.add(answer);
      System.err.println(query.get("name").asText() + (answer.has("error") ? " " + answer.get("error") : ""));
    }
    return answers;
  }

  private static ObjectNode run(JsonNode query) throws Exception {
    StreamTableEnvironment tables = Session.open();
    // one phase adds up doubles in the order of arrival; two phases would add partial sums
    tables.getConfig().set("table.optimizer.agg-phase-strategy", "ONE_PHASE");
    ObjectNode answer = Oracle.JSON.createObjectNode();
    StatementSet inserts = tables.createStatementSet();
    List<String> sinks = new ArrayList<>();
    boolean hasInserts = false;
    for (String statement : Session.statements(query.get("sql").asText())) {
      Matcher create = CREATE.matcher(statement);
      if (create.find()) {
        JsonNode input = query.get("inputs").get(create.group(1));
        String path = input == null ? query.get("out").asText() + "/" + create.group(1) : input.asText();
        if (input == null) sinks.add(create.group(1));
        tables.executeSql(statement + JSON_FILE.formatted(Path.of(path).toUri()));
      } else if (statement.matches("(?is)^insert\\b.*")) {
        inserts.addInsertSql(statement);
        hasInserts = true;
      } else if (statement.matches("(?is)^select\\b.*")) {
        answer.set("select", lines(tables.executeSql(statement)));
      } else {
        tables.executeSql(statement);
      }
    }
    if (hasInserts) {
      inserts.execute().await();
      ObjectNode written = answer.putObject("inserts");
      for (String sink : sinks) written.set(sink, lines(Path.of(query.get("out").asText(), sink)));
    }
    return answer;
  }

  private static ArrayNode lines(TableResult result) throws Exception {
    DataType type = result.getResolvedSchema().toPhysicalRowDataType();
    RowType logical = (RowType) type.getLogicalType();
    JsonRowDataSerializationSchema schema =
        new JsonRowDataSerializationSchema(logical, TimestampFormat.SQL, MapNullKeyMode.FAIL, "null", false, false);
    schema.open(null);
    DataStructureConverter<Object, Object> converter = DataStructureConverters.getConverter(type);
    converter.open(Queries.class.getClassLoader());
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> results = result.collect()) {
      results.forEachRemaining(rows::add);
    }
    boolean isUpdating = rows.stream().anyMatch(row -> row.getKind() != RowKind.INSERT);
    ArrayNode lines = Oracle.JSON.createArrayNode();
    for (Row row : rows) {
      String line = new String(schema.serialize((RowData) converter.toInternal(row)), StandardCharsets.UTF_8);
      lines.add(isUpdating ? "{\"$op\":\"" + row.getKind().shortString() + "\"," + line.substring(1) : line);
    }
    return lines;
  }

  private static ArrayNode lines(Path folder) throws IOException {
    ArrayNode lines = Oracle.JSON.createArrayNode();
    if (!Files.exists(folder)) return lines;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) Files.readAllLines(file).forEach(lines::add);
    }
    return lines;
  }
}
