-- Sums of DOUBLE over slices in Flink's order, with values whose sum depends on it.
-- input readings = readings(seed 231, rows 250)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, window_end, SUM(temperature / 3) AS third, AVG(temperature * 0.1) AS tenth, SUM(CAST(temperature AS FLOAT) / 7) AS seventh FROM TABLE(HOP(TABLE readings, DESCRIPTOR(rt), INTERVAL '2' SECOND, INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
