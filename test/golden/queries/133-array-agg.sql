-- ARRAY_AGG keeps NULL unless told otherwise.
-- input readings = readings(seed 133, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, device, ARRAY_AGG(humidity) AS a, ARRAY_AGG(status) AS b, ARRAY_AGG(ok IGNORE NULLS) AS c, ARRAY_AGG(DISTINCT humidity) AS d, ARRAY_AGG(temperature RESPECT NULLS) AS e, ARRAY_AGG(price) AS f, ARRAY_AGG(`at`) AS g, ARRAY_AGG(humidity) FILTER (WHERE FALSE) AS h, ARRAY_AGG(DISTINCT status IGNORE NULLS) AS i
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end;
