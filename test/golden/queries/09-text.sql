-- Text functions over what sensors send.
-- input readings = readings(seed 9, rows 40)
CREATE TABLE readings (
  id BIGINT, device STRING, ts BIGINT, `at` TIMESTAMP(3), temperature DOUBLE, humidity INT, price DECIMAL(10, 2), status STRING, ok BOOLEAN,
  `position` ROW<x DOUBLE, y DOUBLE, site ROW<name STRING, `floor` INT>>,
  rt AS TO_TIMESTAMP_LTZ(ts, 3), WATERMARK FOR rt AS rt - INTERVAL '2' SECOND
);
SELECT id, UPPER(device) AS a, CHAR_LENGTH(status) AS b, SUBSTRING(status, 2, 3) AS c, POSITION('-' IN device) AS d, TRIM(BOTH 'd' FROM device) AS e, CONCAT(device, ':', status) AS f, device || status AS g, REPLACE(device, 'dev', 'x') AS h FROM readings;
