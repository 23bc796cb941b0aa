import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;
import org.apache.flink.types.Row;

/** A value as the text that CAST(x AS STRING) gives in zone UTC; bytes as hexadecimal digits. */
final class Texts {
  private Texts() {}

  static String of(Object value, LogicalType type) {
    if (value == null) return null;
    if (value instanceof Boolean) return value.toString().toUpperCase(Locale.ROOT);
    if (value instanceof Instant instant) return dateTime(LocalDateTime.ofInstant(instant, ZoneOffset.UTC), type);
    if (value instanceof LocalDateTime dateTime) return dateTime(dateTime, type);
    if (value instanceof LocalTime time) return time.format(DateTimeFormatter.ofPattern("HH:mm:ss" + fraction(type)));
    if (value instanceof java.math.BigDecimal decimal) return decimal.toPlainString();
    if (value instanceof byte[] bytes) return HexFormat.of().formatHex(bytes);
    if (value instanceof Row row) {
      StringBuilder text = new StringBuilder("(");
      for (int i = 0; i < row.getArity(); i++) {
        if (i > 0) text.append(", ");
        String field = of(row.getField(i), ((RowType) type).getTypeAt(i));
        text.append(field == null ? "NULL" : field);
      }
      return text.append(')').toString();
    }
    return value.toString();
  }

  private static String dateTime(LocalDateTime value, LogicalType type) {
    return value.format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss" + fraction(type)));
  }

  private static String fraction(LogicalType type) {
    int digits = LogicalTypeChecks.getPrecision(type);
    return digits == 0 ? "" : "." + "S".repeat(digits);
  }
}
