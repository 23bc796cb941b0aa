import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.runtime.typeutils.ExternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/**
 * Evaluates expressions twice: as constants (which the planner may fold) and over a table of one row that holds the operands.
 * In: {operands: [sql], cases: [{constant?, column?, alone}]}; `column` calls operand k `ok`; `alone` cases run in a job of their own.
 * Out: for each case {constant?: outcome, column?: outcome}; outcome = {type, value} | {type, error} | {type?, refused}.
 * A value is text as CAST(x AS STRING) gives it, or null.
 */
final class Expressions {
  private static final int BATCH = 40; // expressions in one job; a failing job is split until the culprit is alone

  private final StreamTableEnvironment tables;
  private final String from;

  private Expressions(StreamTableEnvironment tables, String from) {
    this.tables = tables;
    this.from = from;
  }

  static ArrayNode answer(JsonNode request) throws Exception {
    JsonNode cases = request.get("cases");
    Expressions constants = new Expressions(Session.open(), "");
    Expressions columns = new Expressions(withOperands(request.get("operands")), " FROM o");
    List<ObjectNode> lifted = columns.evaluate(cases, "column");
    for (int i = 0; i < cases.size(); i++) { // what fails over columns most likely fails as a constant
      if (lifted.get(i) != null && lifted.get(i).has("error")) ((ObjectNode) cases.get(i)).put("alone", true);
    }
    List<ObjectNode> folded = constants.evaluate(cases, "constant");
    ArrayNode answers = Oracle.JSON.createArrayNode();
    for (int i = 0; i < cases.size(); i++) {
      ObjectNode answer = answers.addObject();
      if (folded.get(i) != null) answer.set("constant", folded.get(i));
      if (lifted.get(i) != null) answer.set("column", lifted.get(i));
    }
    return answers;
  }

  /** A session with table o of one row: what the operands evaluate to, in a stream that the planner cannot look into. */
  private static StreamTableEnvironment withOperands(JsonNode operands) throws Exception {
    List<String> selected = new ArrayList<>();
    for (JsonNode operand : operands) {
      boolean isFloating = Floating.of(operand.asText()) != null;
      selected.add((isFloating ? "CAST(0 AS INT)" : operand.asText()) + " AS o" + selected.size());
    }
    StreamExecutionEnvironment stream = Session.stream();
    StreamTableEnvironment tables = Session.tables(stream);
    Table constants = tables.sqlQuery("SELECT " + String.join(", ", selected));
    List<DataType> types = constants.getResolvedSchema().getColumnDataTypes();
    Row row;
    try (CloseableIterator<Row> rows = constants.execute().collect()) {
      row = rows.next();
    }
    Schema.Builder schema = Schema.newBuilder();
    List<DataTypes.Field> fields = new ArrayList<>();
    Row named = Row.withNames();
    for (int i = 0; i < types.size(); i++) {
      Object floating = Floating.of(operands.get(i).asText());
      DataType type = floating == null ? types.get(i)
          : (floating instanceof Float ? DataTypes.FLOAT() : DataTypes.DOUBLE()).notNull();
      schema.column("o" + i, type);
      fields.add(DataTypes.FIELD("o" + i, type));
      named.setField("o" + i, floating == null ? row.getField(i) : floating);
    }
    ExternalTypeInfo<Row> typeInfo = ExternalTypeInfo.of(DataTypes.ROW(fields.toArray(new DataTypes.Field[0])));
    tables.createTemporaryView("o", tables.fromDataStream(stream.fromData(typeInfo, named), schema.build()));
    return tables;
  }

  private List<ObjectNode> evaluate(JsonNode cases, String form) {
    List<ObjectNode> outcomes = new ArrayList<>();
    List<Integer> batch = new ArrayList<>();
    List<List<Integer>> batches = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      JsonNode sql = cases.get(i).get(form);
      if (sql == null) {
        outcomes.add(null);
        continue;
      }
      ObjectNode outcome = Oracle.JSON.createObjectNode();
      outcomes.add(outcome);
      try {
        Table table = tables.sqlQuery("SELECT " + sql.asText() + from);
        outcome.put("type", table.getResolvedSchema().getColumnDataTypes().get(0).getLogicalType().asSummaryString());
      } catch (Exception thrown) {
        outcome.put("refused", Session.reason(thrown));
        continue;
      }
      if (cases.get(i).get("alone").asBoolean()) batches.add(List.of(i));
      else batch.add(i);
    }
    for (int at = 0; at < batch.size(); at += BATCH) batches.add(batch.subList(at, Math.min(at + BATCH, batch.size())));
    System.err.printf("%s: %d jobs%n", form, batches.size());
    for (List<Integer> indices : batches) run(cases, form, indices, outcomes);
    return outcomes;
  }

  private void run(JsonNode cases, String form, List<Integer> indices, List<ObjectNode> outcomes) {
    List<String> selected = new ArrayList<>();
    for (int i : indices) selected.add("CAST((" + cases.get(i).get(form).asText() + ") AS STRING)");
    String query = "SELECT " + String.join(", ", selected) + from;
    String outcome = "refused"; // until it is planned: the code generator refuses what the validator let through
    try {
      TableResult result = tables.executeSql(query);
      outcome = "error";
      try (CloseableIterator<Row> rows = result.collect()) {
        Row row = rows.next();
        for (int k = 0; k < indices.size(); k++) outcomes.get(indices.get(k)).put("value", (String) row.getField(k));
      }
    } catch (Exception thrown) {
      if (indices.size() == 1) {
        outcomes.get(indices.get(0)).put(outcome, Session.reason(thrown));
        return;
      }
      int half = indices.size() / 2;
      run(cases, form, indices.subList(0, half), outcomes);
      run(cases, form, indices.subList(half, indices.size()), outcomes);
    }
  }
}
