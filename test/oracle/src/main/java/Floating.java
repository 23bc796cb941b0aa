import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Constants of FLOAT and DOUBLE, parsed here: the planner's constant folding goes through decimals, which lose the sign of
 * -0.0 and refuse NaN and the infinities.
 */
final class Floating {
  private static final Pattern CAST = Pattern.compile("CAST\\('([^']*)' AS (FLOAT|DOUBLE)\\)");

  private Floating() {}

  /** @return Float or Double of {@code CAST('text' AS FLOAT|DOUBLE)}, or null for any other expression */
  static Object of(String sql) {
    Matcher matcher = CAST.matcher(sql);
    if (!matcher.matches()) return null;
    if (matcher.group(2).equals("FLOAT")) return Float.valueOf(matcher.group(1));
    return Double.valueOf(matcher.group(1));
  }
}
