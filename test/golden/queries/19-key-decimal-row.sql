-- Keys of DECIMAL and of a field in a row.
-- input readings = readings(seed 18, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT CAST(price / 20000 AS DECIMAL(3, 0)) AS p, `position`.site.name AS site, window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '60' SECOND)) GROUP BY CAST(price / 20000 AS DECIMAL(3, 0)), `position`.site.name, window_start, window_end;
