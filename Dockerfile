# syntax=docker/dockerfile:1
# The gateway (the last stage, which is built when no target is named) and the simulator (--target simulator).

FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH=amd64
ARG VERSION=0.1.0
# Paths of the machine that builds stay out of what is built.
ENV CI=true DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props BannedSymbols.txt ./
COPY src/ConfluenceGateway/ConfluenceGateway.csproj src/ConfluenceGateway/
COPY src/AtlassianSimulator/AtlassianSimulator.csproj src/AtlassianSimulator/
RUN dotnet restore src/ConfluenceGateway -a $TARGETARCH -p:PublishReadyToRun=true && dotnet restore src/AtlassianSimulator
COPY src/ src/
RUN dotnet publish src/ConfluenceGateway -a $TARGETARCH -c Release -o /app/gateway --self-contained false -p:PublishReadyToRun=true -p:DebugType=none -p:Version=$VERSION
RUN dotnet publish src/AtlassianSimulator -c Release -o /app/simulator -p:DebugType=none -p:UseAppHost=false
# The runtime has no shell to make a directory with.
RUN mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS simulator
COPY --from=build /app/simulator /app
ENV ASPNETCORE_HTTP_PORTS= Simulator__Url=http://0.0.0.0:8090 Simulator__MediaUrl=http://0.0.0.0:8091
USER 1654
EXPOSE 8090 8091
ENTRYPOINT ["dotnet", "/app/AtlassianSimulator.dll"]

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled AS gateway
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Confluence Gateway" \
      org.opencontainers.image.description="Lets apps that know Confluence by a base URL reach Confluence Cloud by OAuth 2.0 (3LO)" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY LICENSE /licenses/LICENSE
COPY --from=build /app/gateway /app
COPY --from=build --chown=1654:1654 /data /data
# The gateway binds by its own settings. It needs no folder to write to but /data, and that with the embedded store alone.
ENV ASPNETCORE_HTTP_PORTS= \
    DOTNET_EnableDiagnostics=0 \
    Listen__Traffic=http://*:8080 \
    Listen__Management=http://*:8081 \
    Embedded__DataDirectory=/data \
    Logging__Console__FormatterName=json-events
USER 1654
WORKDIR /data
EXPOSE 8080 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/app/ConfluenceGateway", "health"]
ENTRYPOINT ["/app/ConfluenceGateway"]
