"""The ground floor: pure Python that knows neither Django nor any city."""
