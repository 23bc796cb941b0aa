import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.formats.common.TimestampFormat;
import org.apache.flink.formats.json.JsonFormatOptions.MapNullKeyMode;
import org.apache.flink.formats.json.JsonParserRowDataDeserializationSchema;
import org.apache.flink.formats.json.JsonRowDataDeserializationSchema;
import org.apache.flink.formats.json.JsonRowDataSerializationSchema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.conversion.DataStructureConverter;
import org.apache.flink.table.data.conversion.DataStructureConverters;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;

/**
 * Reads and writes payloads with Flink's json format, called directly: no job.
 * In: {reads: [{columns, payload | base64, standard?}], writes: [{type, sql, standard?, plainDecimals?}]}.
 * Out: {reads: [{rows: [[text or null]], tree?} | {error}], writes: [{value, json | error}]}; `tree` where Flink's other reader
 * ('json.decode.json-parser.enabled' = 'false') differs from the default one.
 */
final class JsonFormat {
  private final StreamTableEnvironment tables = Session.open();
  private final Map<String, DataType> typesByColumns = new HashMap<>();

  private JsonFormat() {}

  static ObjectNode answer(JsonNode request) throws Exception {
    JsonFormat format = new JsonFormat();
    ObjectNode answer = Oracle.JSON.createObjectNode();
    ArrayNode reads = answer.putArray("reads");
    for (JsonNode one : request.get("reads")) {
      ObjectNode read = format.read(one, true);
      ObjectNode tree = format.read(one, false);
      if (!tree.equals(read) && !(tree.has("error") && read.has("error"))) read.set("tree", tree);
      reads.add(read);
    }
    answer.set("writes", format.write(request.get("writes")));
    return answer;
  }

  private ObjectNode read(JsonNode one, boolean isDefault) throws Exception {
    DataType type = rowType(one.get("columns").asText());
    RowType logical = (RowType) type.getLogicalType();
    InternalTypeInfo<RowData> produced = InternalTypeInfo.of(logical);
    DeserializationSchema<RowData> schema = isDefault
        ? new JsonParserRowDataDeserializationSchema(logical, produced, false, false, standard(one))
        : new JsonRowDataDeserializationSchema(logical, produced, false, false, standard(one));
    schema.open(null);
    DataStructureConverter<Object, Object> converter = DataStructureConverters.getConverter(type);
    converter.open(JsonFormat.class.getClassLoader());
    byte[] payload = one.has("base64") ? Base64.getDecoder().decode(one.get("base64").asText())
        : one.get("payload").asText().getBytes(StandardCharsets.UTF_8);
    ObjectNode outcome = Oracle.JSON.createObjectNode();
    try {
      List<RowData> rows = new ArrayList<>();
      schema.deserialize(payload, new Rows(rows));
      ArrayNode texts = Oracle.JSON.createArrayNode();
      for (RowData row : rows) {
        ArrayNode fields = texts.addArray();
        Row external = (Row) converter.toExternal(row);
        for (int i = 0; i < external.getArity(); i++) {
          fields.add(Texts.of(external.getField(i), logical.getTypeAt(i)));
        }
      }
      outcome.set("rows", texts);
    } catch (Exception thrown) {
      outcome.put("error", Session.reason(thrown));
    }
    return outcome;
  }

  private ArrayNode write(JsonNode cases) throws Exception {
    List<String> selected = new ArrayList<>();
    for (JsonNode one : cases) selected.add(Floating.of(cast(one)) == null ? cast(one) : "0");
    Row values;
    try (CloseableIterator<Row> rows = tables.executeSql("SELECT " + String.join(", ", selected)).collect()) {
      values = rows.next();
    }
    ArrayNode answers = Oracle.JSON.createArrayNode();
    for (int i = 0; i < cases.size(); i++) {
      JsonNode one = cases.get(i);
      DataType type = rowType("v " + one.get("type").asText());
      RowType logical = (RowType) type.getLogicalType();
      boolean isPlain = one.path("plainDecimals").asBoolean();
      JsonRowDataSerializationSchema schema =
          new JsonRowDataSerializationSchema(logical, standard(one), MapNullKeyMode.FAIL, "null", isPlain, false);
      schema.open(null);
      DataStructureConverter<Object, Object> converter = DataStructureConverters.getConverter(type);
      converter.open(JsonFormat.class.getClassLoader());
      Object floating = Floating.of(cast(one));
      Object value = floating == null ? values.getField(i) : floating;
      ObjectNode answer = answers.addObject();
      answer.put("value", Texts.of(value, logical.getTypeAt(0)));
      try {
        byte[] json = schema.serialize((RowData) converter.toInternal(Row.of(value)));
        answer.put("json", new String(json, StandardCharsets.UTF_8));
      } catch (RuntimeException thrown) {
        answer.put("error", Session.reason(thrown));
      }
    }
    return answers;
  }

  private static String cast(JsonNode one) {
    return "CAST(" + one.get("sql").asText() + " AS " + one.get("type").asText() + ")";
  }

  private DataType rowType(String columns) {
    return typesByColumns.computeIfAbsent(columns, text -> {
      String name = "c" + typesByColumns.size();
      tables.executeSql("CREATE TABLE " + name + " (" + text + ") WITH ('connector'='filesystem','format'='json','path'='/nowhere')");
      return tables.from(name).getResolvedSchema().toSourceRowDataType().notNull();
    });
  }

  private static TimestampFormat standard(JsonNode one) {
    return one.path("standard").asText().equals("ISO-8601") ? TimestampFormat.ISO_8601 : TimestampFormat.SQL;
  }

  /** Collects into a list. */
  private record Rows(List<RowData> rows) implements Collector<RowData> {
    @Override
    public void collect(RowData row) {
      rows.add(row);
    }

    @Override
    public void close() {}
  }
}
