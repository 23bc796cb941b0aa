-- The two warmest readings of each window and status.
-- input readings = readings(seed 216, rows 200)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT * FROM (SELECT id, status, temperature, window_start, window_end, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, status ORDER BY temperature DESC, id ASC) AS rownum FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND))) WHERE rownum <= 2;
