-- DISTINCT with its own FILTER each.
-- input readings = readings(seed 128, rows 400)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, COUNT(DISTINCT device) FILTER (WHERE ok) AS a, COUNT(DISTINCT device) FILTER (WHERE NOT ok) AS b, COUNT(DISTINCT device) AS c, SUM(DISTINCT humidity) FILTER (WHERE temperature > 40) AS d, AVG(DISTINCT humidity) FILTER (WHERE FALSE) AS e, COUNT(DISTINCT humidity) FILTER (WHERE FALSE) AS f, SUM(humidity) FILTER (WHERE ok) AS g
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '30' SECOND)) GROUP BY window_start, window_end;
