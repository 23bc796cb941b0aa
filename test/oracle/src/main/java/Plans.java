import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.catalog.Column;

/**
 * Asks the planner how it computes a query. In: {setup: [statements], queries: [SELECT ...]}. Out: for each query
 * {columns: [{name, type}], plan: [physical nodes from the sink down, indented, each with its changelog mode]} or {error}.
 */
final class Plans {
  private static final Pattern NODE = Pattern.compile("^([^A-Za-z]*)([A-Za-z]+)\\((.*)\\)$");
  private static final Pattern MODE = Pattern.compile("changelogMode=\\[([A-Z,]*)\\]");
  /** What says what a node does; the rest of its text depends on names. */
  private static final Pattern TRAIT =
      Pattern.compile("(joinType|rankType|rankRange|keep|key|window|upsertKeys)=(\\[[^\\]]*\\]|[A-Za-z]+)");

  private Plans() {}

  static ArrayNode answer(JsonNode request) {
    StreamTableEnvironment tables = Session.open();
    for (JsonNode statement : request.get("setup")) tables.executeSql(statement.asText());
    ArrayNode answers = Oracle.JSON.createArrayNode();
    for (JsonNode query : request.get("queries")) {
      ObjectNode answer = answers.addObject();
      try {
        Table table = tables.sqlQuery(query.asText());
        String[] lines = table.explain(ExplainDetail.CHANGELOG_MODE).split("\n");
        ArrayNode columns = answer.putArray("columns");
        for (Column column : table.getResolvedSchema().getColumns()) {
          columns.addObject().put("name", column.getName()).put("type", column.getDataType().getLogicalType().asSummaryString());
        }
        ArrayNode plan = answer.putArray("plan");
        boolean isPhysical = false;
        for (String line : lines) {
          if (line.startsWith("==")) isPhysical = line.contains("Optimized Physical Plan");
          Matcher node = isPhysical ? NODE.matcher(line) : null;
          if (node == null || !node.matches() || node.group(2).equals("Exchange")) continue;
          Matcher mode = MODE.matcher(line);
          StringBuilder text = new StringBuilder(" ".repeat(node.group(1).length())).append(node.group(2));
          if (mode.find()) text.append(' ').append(mode.group(1));
          Matcher trait = TRAIT.matcher(line);
          while (trait.find()) text.append(' ').append(trait.group());
          plan.add(text.toString());
        }
      } catch (Exception thrown) {
        answer.removeAll();
        answer.put("error", Session.reason(thrown));
      }
    }
    return answers;
  }
}
