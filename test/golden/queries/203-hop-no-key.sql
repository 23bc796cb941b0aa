-- Hopping windows without a key.
-- input readings = readings(seed 203, rows 200)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, window_end, COUNT(*) AS n, COUNT(temperature) AS known, MIN(temperature) AS low, MAX(temperature) AS high, SUM(temperature) AS total, AVG(humidity) AS humid, SUM(price) AS worth FROM TABLE(HOP(TABLE readings, DESCRIPTOR(rt), INTERVAL '2' SECOND, INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
