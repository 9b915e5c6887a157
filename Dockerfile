# The service and its worker.  Build: docker build -t patmatch .   Run: see compose.yaml.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY models ./models
COPY matcher ./matcher
RUN python -m venv /opt/patmatch \
 && /opt/patmatch/bin/pip install --no-cache-dir --constraint requirements.lock '.[service,postgres]'

FROM python:3.11-slim-bookworm
COPY --from=build /opt/patmatch /opt/patmatch
RUN useradd --system --uid 10001 --home-dir /data --no-create-home patmatch \
 && install -d -o patmatch -g patmatch -m 0700 /data
ENV PATH=/opt/patmatch/bin:$PATH PATMATCH_HOME=/data PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=4 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/api/v1/health/ready', timeout=4)"]
CMD ["patmatch", "serve"]
