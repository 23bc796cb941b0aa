-- Results of a window are aggregated by the same window.
-- input readings = readings(seed 222, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
CREATE VIEW devices AS SELECT device, status, window_start, window_end, COUNT(*) AS n FROM TABLE(CUMULATE(TABLE readings, DESCRIPTOR(rt), INTERVAL '2' SECOND, INTERVAL '10' SECOND)) GROUP BY device, status, window_start, window_end;
SELECT status, window_start, window_end, COUNT(*) AS devices, MAX(n) AS most FROM devices GROUP BY status, window_start, window_end;
