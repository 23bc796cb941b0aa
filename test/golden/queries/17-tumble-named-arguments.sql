-- TUMBLE with named arguments.
-- input readings = readings(seed 16, rows 100)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_end, COUNT(*) AS n FROM TABLE(TUMBLE(DATA => TABLE readings, TIMECOL => DESCRIPTOR(rt), SIZE => INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
