// Moquette on 127.0.0.1. Usage: java Broker.java PORT FOLDER
import io.moquette.broker.Server;
import io.moquette.broker.config.MemoryConfig;
import java.util.Properties;

public class Broker {
    public static void main(String[] args) throws Exception {
        Properties settings = new Properties();
        settings.setProperty("host", "127.0.0.1");
        settings.setProperty("port", args[0]);
        settings.setProperty("data_path", args[1]);
        settings.setProperty("allow_anonymous", "true");
        settings.setProperty("persistence_enabled", "false");
        settings.setProperty("telemetry_enabled", "false");
        new Server().startServer(new MemoryConfig(settings));
    }
}
