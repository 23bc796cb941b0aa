-- A window of all over a window by key.
-- input readings = readings(seed 310, rows 150)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
CREATE TEMPORARY VIEW small AS SELECT device, window_time AS wt, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '4' SECOND)) GROUP BY device, window_start, window_end, window_time;
SELECT window_start, COUNT(*) AS windows, SUM(n) AS n FROM TABLE(TUMBLE(TABLE small, DESCRIPTOR(wt), INTERVAL '12' SECOND)) GROUP BY window_start, window_end;
