-- MIN and MAX of text, BOOLEAN and times.
-- input readings = readings(seed 21, rows 200)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, MIN(device) AS a, MAX(device) AS b, MIN(status) AS c, MAX(status) AS d, MIN(ok) AS e, MAX(ok) AS f, MIN(`at`) AS g, MAX(`at`) AS h FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '20' SECOND)) GROUP BY window_start, window_end;
