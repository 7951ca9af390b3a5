# One image, one process, no root. State lives where HADIR_DATABASE_URL and HADIR_GATEWAY_DATABASE_URL say, by default
# in /data; everything else may be read-only:
#   docker run --read-only --tmpfs /tmp --volume hadir:/data --env-file hadir.env hadir
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONPATH=/app \
    HADIR_LISTEN=0.0.0.0:8080

COPY requirements/run.txt /app/requirements/run.txt
RUN pip install --no-cache-dir --require-hashes -r /app/requirements/run.txt

COPY locales /app/locales
COPY bot /app/bot
RUN python -m compileall -q /app/bot \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin hadir \
    && install --directory --owner hadir --mode 0700 /data

USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
