-- JSON_ARRAYAGG.
-- input readings = readings(seed 134, rows 300)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT window_start, device, JSON_ARRAYAGG(humidity) AS a, JSON_ARRAYAGG(status NULL ON NULL) AS b, JSON_ARRAYAGG(ok ABSENT ON NULL) AS c, JSON_ARRAYAGG(temperature) AS d, JSON_ARRAYAGG(price) AS e, JSON_ARRAYAGG(`at`) AS f
FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(rt), INTERVAL '10' SECOND)) GROUP BY device, window_start, window_end;
