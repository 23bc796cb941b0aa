-- Sessions across 1970.
-- input readings = history(seed 212, rows 200)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, window_start, window_end, COUNT(*) AS n, AVG(humidity) AS humid FROM TABLE(SESSION(TABLE readings PARTITION BY device, DESCRIPTOR(rt), INTERVAL '3' SECOND)) GROUP BY device, window_start, window_end;
