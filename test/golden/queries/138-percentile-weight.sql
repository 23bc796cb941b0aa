-- PERCENTILE with a frequency.
-- input readings = readings(seed 138, rows 400)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, PERCENTILE(temperature, 0.5, humidity) AS a, PERCENTILE(humidity, 0.1, 3) AS b
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '20' SECOND)) GROUP BY window_start, window_end;
