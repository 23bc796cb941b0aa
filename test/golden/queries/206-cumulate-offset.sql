-- Cumulating windows with a negative offset.
-- input readings = readings(seed 206, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, window_start, window_end, window_time, COUNT(*) AS n, COUNT(temperature) AS known, MIN(temperature) AS low, MAX(temperature) AS high, SUM(temperature) AS total, AVG(humidity) AS humid, SUM(price) AS worth FROM TABLE(CUMULATE(TABLE readings, DESCRIPTOR(rt), INTERVAL '5' SECOND, INTERVAL '20' SECOND, INTERVAL '-3' SECOND)) GROUP BY device, window_start, window_end, window_time;
