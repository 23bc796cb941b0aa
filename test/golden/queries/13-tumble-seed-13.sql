-- Windows of 10 s by device; one row in twelve comes late.
-- input readings = readings(seed 13, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, window_start, window_end, COUNT(*) AS n, COUNT(temperature) AS filled, MIN(temperature) AS low, MAX(temperature) AS high, AVG(temperature) AS mean FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end;
