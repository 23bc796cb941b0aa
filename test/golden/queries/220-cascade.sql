-- Windows over the results of windows.
-- input readings = readings(seed 220, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
CREATE VIEW small AS SELECT device, window_time AS wt, COUNT(*) AS n, SUM(humidity) AS humid FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '5' SECOND)) GROUP BY device, window_start, window_end, window_time;
SELECT window_start, window_end, SUM(n) AS n, MAX(humid) AS most FROM TABLE(HOP(TABLE small, DESCRIPTOR(wt), INTERVAL '10' SECOND, INTERVAL '20' SECOND)) GROUP BY window_start, window_end;
