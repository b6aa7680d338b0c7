// HiveMQ CE on 127.0.0.1. Usage: java Broker.java PORT FOLDER
import com.hivemq.embedded.EmbeddedHiveMQ;
import java.nio.file.Files;
import java.nio.file.Path;

public class Broker {
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        Path configuration = Files.createDirectories(folder.resolve("conf"));
        Path data = Files.createDirectories(folder.resolve("data"));
        Path extensions = Files.createDirectories(folder.resolve("extensions"));
        Files.writeString(configuration.resolve("config.xml"), """
            <hivemq>
              <listeners>
                <tcp-listener><port>%s</port><bind-address>127.0.0.1</bind-address></tcp-listener>
              </listeners>
              <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
            </hivemq>
            """.formatted(args[0]));
        EmbeddedHiveMQ broker = EmbeddedHiveMQ.builder()
            .withConfigurationFolder(configuration)
            .withDataFolder(data)
            .withExtensionsFolder(extensions)
            .build();
        broker.start().join();
    }
}
