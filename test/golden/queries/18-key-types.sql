-- Keys of BOOLEAN, INT and STRING together; NULL is a key like any other.
-- input readings = readings(seed 17, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT device, ok, humidity / 50 AS half, window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '30' SECOND)) GROUP BY device, ok, humidity / 50, window_start, window_end;
