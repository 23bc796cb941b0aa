import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.catalog.Column;

/**
 * Asks the planner for result types. In: {table: CREATE TABLE without WITH, queries: [SELECT ...], planned: how many of
 * them, from the end, must also pass the optimizer (some refusals come only there)}.
 * Out: for each query its [{name, type}] or {error}.
 */
final class Types {
  private Types() {}

  static ArrayNode answer(JsonNode request) {
    StreamTableEnvironment tables = Session.open();
    // never read: planning alone opens no file
    tables.executeSql(request.get("table").asText() + " WITH ('connector'='filesystem','format'='json','path'='/nowhere')");
    ArrayNode answers = Oracle.JSON.createArrayNode();
    JsonNode queries = request.get("queries");
    int planned = queries.size() - request.get("planned").asInt();
    for (JsonNode query : queries) {
      try {
        ArrayNode columns = Oracle.JSON.createArrayNode();
        Table table = tables.sqlQuery(query.asText());
        if (answers.size() >= planned) table.explain();
        for (Column column : table.getResolvedSchema().getColumns()) {
          ObjectNode entry = columns.addObject();
          entry.put("name", column.getName());
          entry.put("type", column.getDataType().getLogicalType().asSummaryString());
        }
        answers.add(columns);
      } catch (Exception thrown) {
        answers.addObject().put("error", Session.reason(thrown));
      }
    }
    return answers;
  }
}
