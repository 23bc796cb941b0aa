-- DECIMAL(10, 2) as telemetry has it.
-- input readings = readings(seed 20, rows 200)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, window_start, SUM(price) AS s, AVG(price) AS a, MIN(price) AS lo, MAX(price) AS hi, SUM(price) / COUNT(price) AS b FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '30' SECOND)) GROUP BY device, window_start, window_end;
