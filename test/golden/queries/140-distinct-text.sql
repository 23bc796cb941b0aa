-- DISTINCT of texts of any length, by window.
-- input readings = readings(seed 140, rows 400)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, COUNT(DISTINCT status || CAST(humidity AS STRING) || ' long enough to lie outside') AS a, MIN(DISTINCT status) AS b, MAX(DISTINCT device) AS c
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '60' SECOND)) GROUP BY window_start, window_end;
