-- JSON_OBJECTAGG.
-- input readings = readings(seed 135, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, JSON_OBJECTAGG(KEY CAST(id AS STRING) VALUE humidity) AS a, JSON_OBJECTAGG(KEY CAST(id AS STRING) VALUE status ABSENT ON NULL) AS b
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '5' SECOND)) GROUP BY window_start, window_end;
