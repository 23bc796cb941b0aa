-- Event time from a TIMESTAMP(3) column in the payload.
-- input readings = readings(seed 33, rows 200)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  WATERMARK FOR `at` AS `at` - INTERVAL '2' SECOND
);
SELECT device, window_start, window_end, window_time, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(`at`), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end, window_time;
