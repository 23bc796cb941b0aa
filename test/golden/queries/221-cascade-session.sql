-- A tumbling window over sessions.
-- input readings = readings(seed 221, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
CREATE VIEW visits AS SELECT device, window_time AS wt, COUNT(*) AS n FROM TABLE(SESSION(TABLE readings PARTITION BY device, DESCRIPTOR(rt), INTERVAL '3' SECOND)) GROUP BY device, window_start, window_end, window_time;
SELECT window_start, window_end, COUNT(*) AS visits, SUM(n) AS n FROM TABLE(TUMBLE(TABLE visits, DESCRIPTOR(wt), INTERVAL '15' SECOND)) GROUP BY window_start, window_end;
