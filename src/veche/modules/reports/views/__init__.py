"""The pages of reports. Each file names its own addresses in `patterns`; `urls` puts them together."""
