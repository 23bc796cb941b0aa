-- A FILTER that leaves nothing.
-- input readings = readings(seed 139, rows 60)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, COUNT(*) FILTER (WHERE FALSE) AS a, SUM(humidity) FILTER (WHERE FALSE) AS b, AVG(temperature) FILTER (WHERE FALSE) AS c, MIN(status) FILTER (WHERE FALSE) AS d, STDDEV_POP(temperature) FILTER (WHERE FALSE) AS e, VAR_SAMP(humidity) FILTER (WHERE FALSE) AS f, FIRST_VALUE(status) FILTER (WHERE FALSE) AS g, LAST_VALUE(id) FILTER (WHERE FALSE) AS h, SUM(DISTINCT price) FILTER (WHERE FALSE) AS i
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
