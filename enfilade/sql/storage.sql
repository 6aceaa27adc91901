-- JPEGs don't compress: keep them out of line and as they are.
ALTER TABLE enfilade.rendition ALTER COLUMN bytes SET STORAGE EXTERNAL;
