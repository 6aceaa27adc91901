# One image for every job: migrate, ingest, serve. Computes on the CPU.
FROM python:3.13-slim AS build

# PyTorch's own package index has builds without CUDA, a tenth of the size: give its address to save that room.
ARG TORCH_INDEX=
WORKDIR /source
RUN python -m venv /opt/enfilade
ENV PATH=/opt/enfilade/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN pip install ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} "torch>=2.9,<2.15" "torchvision>=0.24,<0.30"
COPY pyproject.toml README.md LICENSE ./
COPY enfilade enfilade
COPY ingest ingest
COPY server server
COPY migrations migrations
RUN pip install .

FROM python:3.13-slim

# The data directory keeps the converted network and the mapped graphs; the pictures are in Postgres.
ENV PATH=/opt/enfilade/bin:$PATH PYTHONUNBUFFERED=1 ENFILADE_HOME=/var/lib/enfilade ENFILADE_LOG=json
RUN useradd --system --uid 10001 --home-dir /var/lib/enfilade --create-home enfilade
COPY --from=build /opt/enfilade /opt/enfilade
USER enfilade
VOLUME /var/lib/enfilade
EXPOSE 8000
# gunicorn's SIGTERM: finish what is under way, then go.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["enfilade"]
CMD ["serve", "--host", "0.0.0.0"]
